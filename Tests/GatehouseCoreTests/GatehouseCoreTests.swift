// Tests of GatehouseCore
