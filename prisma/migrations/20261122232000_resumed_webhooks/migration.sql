-- Everybody queues behind whoever waits for this table: rather not for long, and again later.
SET LOCAL lock_timeout = '2s';

-- When it was last switched on again, or got another address: what waited until then is due, and its day is counted anew. On
-- the webhook: there may be a million deliveries, and whoever switches it on does not wait for as many rows.
ALTER TABLE "webhook_endpoints" ADD COLUMN "resumed_at" TIMESTAMPTZ(3);

-- As before; new: what was tried before it was resumed is due.
CREATE OR REPLACE FUNCTION webhook_lanes(p_endpoint text, p_after text, p_most int) RETURNS TABLE (lane text, is_due boolean)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_resumed timestamptz := (SELECT e.resumed_at FROM webhook_endpoints e WHERE e.id = p_endpoint);
BEGIN
  RETURN QUERY
  WITH RECURSIVE heads AS (
    (SELECT d.lane, d.due_at, d.tried_at FROM webhook_deliveries d
     WHERE d.endpoint_id = p_endpoint AND d.status = 'pending' AND d.lane > p_after ORDER BY d.lane, d.id LIMIT 1)
    UNION ALL
    SELECT n.* FROM heads h CROSS JOIN LATERAL (
      SELECT d.lane, d.due_at, d.tried_at FROM webhook_deliveries d
      WHERE d.endpoint_id = p_endpoint AND d.status = 'pending' AND d.lane > h.lane ORDER BY d.lane, d.id LIMIT 1
    ) n
  )
  SELECT h.lane, h.due_at <= clock_timestamp() OR coalesce(h.tried_at < v_resumed, false) FROM heads h LIMIT p_most;
END $$;

-- The same.
CREATE OR REPLACE FUNCTION webhook_head(p_endpoint text, p_lane text, p_after bigint) RETURNS SETOF webhook_deliveries
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
  v_resumed timestamptz := (SELECT e.resumed_at FROM webhook_endpoints e WHERE e.id = p_endpoint);
BEGIN
  RETURN QUERY
  SELECT d.* FROM (
    -- Said like this only the index of what is pending has the order.
    SELECT x.* FROM webhook_deliveries x
    WHERE x.endpoint_id = p_endpoint AND x.status = 'pending' AND (x.lane, x.id) > (p_lane, p_after)
    ORDER BY x.lane, x.id LIMIT 1
  ) d WHERE d.lane = p_lane AND (d.due_at <= clock_timestamp() OR d.tried_at < v_resumed);
END $$;
