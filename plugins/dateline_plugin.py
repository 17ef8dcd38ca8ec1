"""Register Dateline's pages with Airflow."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from dateline.airflow.pages import app


class DatelinePlugin(AirflowPlugin):
    """Mount the pages at `/dateline`, and show them in the navigation."""

    name = "dateline"
    fastapi_apps = [{"app": app, "url_prefix": "/dateline", "name": "Dateline"}]
    external_views = [
        {"name": "Events", "href": "dateline/events", "destination": "nav", "url_route": "dateline_events"}
    ]
