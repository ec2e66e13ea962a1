// Tests of GatehouseServer
