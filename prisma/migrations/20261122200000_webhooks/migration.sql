-- Who is told over HTTP of what happens.
CREATE TABLE "webhook_endpoints" (
    "id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "events" TEXT[] NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    -- Encrypted: `key id:nonce:text and tag`.
    "secret" TEXT NOT NULL,
    -- The one before it signs beside it until then.
    "old_secret" TEXT,
    "old_secret_until" TIMESTAMPTZ(3),
    -- Since when nothing has got through; null: the last delivery did.
    "failing_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- What is to be told, one row for each endpoint; written in the transaction of what it tells of. Without a foreign key: each
-- row would be checked, and what an endpoint leaves behind goes with its time.
CREATE TABLE "webhook_deliveries" (
    -- In a lane also their order: allotted while its room (its person) is locked.
    "id" BIGINT GENERATED ALWAYS AS IDENTITY,
    "endpoint_id" TEXT NOT NULL,
    -- The same for all endpoints, and whenever it is sent again.
    "event_id" TEXT NOT NULL,
    -- What is kept in order: 'room:ID' or 'user:ID'.
    "lane" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    -- The row that it tells of, as it was then.
    "subject" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    -- Not before then, while it is pending.
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    -- Since when it could have been sent, or is to be sent again: its day is counted from then.
    "waits_since" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "tried_at" TIMESTAMPTZ(3),
    "answer_status" INTEGER,
    -- The beginning of it.
    "answer" TEXT,
    -- Why there was none.
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_deliveries_status_check" CHECK ("status" IN ('pending', 'succeeded', 'dead'))
);
CREATE INDEX "webhook_deliveries_pending_idx" ON "webhook_deliveries" ("endpoint_id", "lane", "id") WHERE "status" = 'pending';
CREATE INDEX "webhook_deliveries_endpoint_id_created_at_id_idx" ON "webhook_deliveries" ("endpoint_id", "created_at", "id");
CREATE INDEX "webhook_deliveries_created_at_idx" ON "webhook_deliveries" ("created_at");

-- Events, each { lane, subject }, in their order, for every endpoint that is to hear of them. Whoever calls it has looked
-- whether there is one, so that nobody pays who has none.
CREATE FUNCTION add_webhook_events(p_type text, p_events jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  WITH happened AS MATERIALIZED (
    SELECT 'evt_' || gen_random_uuid() AS event_id, x.event ->> 'lane' AS lane, x.event -> 'subject' AS subject, x.ord
    FROM jsonb_array_elements(p_events) WITH ORDINALITY AS x(event, ord)
  )
  INSERT INTO webhook_deliveries (endpoint_id, event_id, lane, type, subject)
  SELECT e.id, h.event_id, h.lane, p_type, h.subject
  FROM happened h CROSS JOIN webhook_endpoints e
  WHERE e.enabled AND p_type = ANY (e.events)
  ORDER BY h.ord;
  -- Whatever announces otherwise: those who deliver listen.
  IF FOUND THEN
    PERFORM announce('{"type": "webhooks"}', 'database');
  END IF;
END $$;

-- Of the messages of a batch those that it stored.
CREATE FUNCTION add_message_events(p_id text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  PERFORM add_webhook_events('message.created', (
    SELECT jsonb_agg(jsonb_build_object('lane', 'room:' || m.room_id,
      'subject', to_jsonb(m) || jsonb_build_object('reply_to', quote_of(m.reply_to_id))) ORDER BY m.room_id, m.seq)
    FROM unnest(p_id) AS a(id)
    CROSS JOIN LATERAL (SELECT x.* FROM messages x WHERE x.id = a.id LIMIT 1) m
    CROSS JOIN LATERAL (SELECT FROM rooms r WHERE r.id = m.room_id AND r.kind <> 'canary' LIMIT 1) r
  ));
END $$;

-- The endpoints for which something waits.
CREATE FUNCTION webhooks_waiting() RETURNS SETOF text
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY
  SELECT e.id FROM webhook_endpoints e
  CROSS JOIN LATERAL (
    SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.status = 'pending' ORDER BY d.lane, d.id LIMIT 1
  ) p
  WHERE e.enabled;
END $$;

-- The lanes of an endpoint behind this one, in their order, and whether what each has first is due: one look into the index
-- for each. Nothing may sort or count them here, which would look at all of them, however many they are.
CREATE FUNCTION webhook_lanes(p_endpoint text, p_after text, p_most int) RETURNS TABLE (lane text, is_due boolean)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH RECURSIVE heads AS (
    (SELECT d.lane, d.due_at FROM webhook_deliveries d
     WHERE d.endpoint_id = p_endpoint AND d.status = 'pending' AND d.lane > p_after ORDER BY d.lane, d.id LIMIT 1)
    UNION ALL
    SELECT n.* FROM heads h CROSS JOIN LATERAL (
      SELECT d.lane, d.due_at FROM webhook_deliveries d
      WHERE d.endpoint_id = p_endpoint AND d.status = 'pending' AND d.lane > h.lane ORDER BY d.lane, d.id LIMIT 1
    ) n
  )
  SELECT h.lane, h.due_at <= clock_timestamp() FROM heads h LIMIT p_most;
END $$;

-- What a lane of an endpoint has first behind this one, if that is due. Without `p_after` each look would pass by all that
-- was delivered before it, for as long as a transaction lives that may see it pending.
CREATE FUNCTION webhook_head(p_endpoint text, p_lane text, p_after bigint) RETURNS SETOF webhook_deliveries
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY
  SELECT d.* FROM (
    -- Said like this only the index of what is pending has the order.
    SELECT x.* FROM webhook_deliveries x
    WHERE x.endpoint_id = p_endpoint AND x.status = 'pending' AND (x.lane, x.id) > (p_lane, p_after)
    ORDER BY x.lane, x.id LIMIT 1
  ) d WHERE d.lane = p_lane AND d.due_at <= clock_timestamp();
END $$;
