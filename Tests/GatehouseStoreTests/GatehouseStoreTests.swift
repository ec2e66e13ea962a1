// Tests of GatehouseStore
