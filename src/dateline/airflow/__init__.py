"""Hold what Airflow must be able to import: assets, triggers, the tasks' bodies, the plugin's pages."""
