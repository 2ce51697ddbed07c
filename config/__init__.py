"""How the parts are put together. Nobody imports from here, but Django itself."""
