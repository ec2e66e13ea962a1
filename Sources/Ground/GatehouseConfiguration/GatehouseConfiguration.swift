// GatehouseConfiguration
