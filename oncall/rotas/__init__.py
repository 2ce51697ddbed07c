"""The mathematics of rotas: data in, shifts out. No database, no clock, no Django."""
