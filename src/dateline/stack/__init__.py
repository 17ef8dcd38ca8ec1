"""Run everything on one machine: Postgres, Airflow's four components and the demo newsroom, with nothing but Python installed."""
