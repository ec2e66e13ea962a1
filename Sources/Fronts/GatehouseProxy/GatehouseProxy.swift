// GatehouseProxy
