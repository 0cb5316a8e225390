-- As in 20261122031000_pinned_plans: a plan made for an empty table must not read all of a full one.
ALTER FUNCTION apply_user_permission() SET enable_seqscan = off;
ALTER FUNCTION purge_audit_log(INTEGER, INTEGER) SET enable_seqscan = off;
