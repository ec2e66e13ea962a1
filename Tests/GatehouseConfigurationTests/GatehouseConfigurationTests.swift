// Tests of GatehouseConfiguration
