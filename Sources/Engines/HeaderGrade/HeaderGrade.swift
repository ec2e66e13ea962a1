// HeaderGrade
