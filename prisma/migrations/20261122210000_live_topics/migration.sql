-- Says whose settings changed, in portions: a NOTIFY must stay below 8,000 bytes. The tables say so themselves, whoever writes
-- there, so that `pnpm topic` is heard as well.
CREATE FUNCTION announce_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM announce(jsonb_build_object('type', 'settings', 'userIds', jsonb_agg(x.user_id)), 'database')
  FROM (SELECT c.user_id, row_number() OVER (ORDER BY c.user_id) AS ord FROM changed c GROUP BY c.user_id) x
  GROUP BY (x.ord - 1) / 100;
  RETURN NULL;
END $$;

-- What somebody follows, and what they may.
CREATE TRIGGER announce_added AFTER INSERT ON topic_subscriptions
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_settings();
CREATE TRIGGER announce_removed AFTER DELETE ON topic_subscriptions
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_settings();
CREATE TRIGGER announce_added AFTER INSERT ON topic_access
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_settings();
CREATE TRIGGER announce_removed AFTER DELETE ON topic_access
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_settings();
