"""The scripts run in environments of their own, where the tools are; here their imports would fail."""

collect_ignore_glob = ["*_run.py"]
