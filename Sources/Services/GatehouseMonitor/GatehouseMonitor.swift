// GatehouseMonitor
