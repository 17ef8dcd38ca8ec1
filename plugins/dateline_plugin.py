"""Register Dateline's pages with Airflow."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from dateline.airflow.pages import app
from dateline.airflow.websub import plugin_apps


class DatelinePlugin(AirflowPlugin):
    """Mount the pages at `/dateline`, and show them in the navigation; at `/websub` what hubs ask for, where they can reach us."""

    name = "dateline"
    fastapi_apps = [{"app": app, "url_prefix": "/dateline", "name": "Dateline"}, *plugin_apps()]
    external_views = [
        {"name": "Events", "href": "dateline/events", "destination": "nav", "url_route": "dateline_events"}
    ]
