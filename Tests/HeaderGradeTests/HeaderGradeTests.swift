// Tests of HeaderGrade
