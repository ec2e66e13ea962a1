// GatehouseGuards
