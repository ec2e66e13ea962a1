// Tests of GatehouseGuards
