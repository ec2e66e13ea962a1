// Tests of GatehouseMonitor
