// Tests of GatehouseProxy
