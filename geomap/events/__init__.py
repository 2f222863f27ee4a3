"""Events: triggers, arguments, claims, dates, shapes; what happened where and who says so."""
