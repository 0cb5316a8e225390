-- Who has written before now: 500 rooms at a time, each in a transaction of its own (hence one statement in this file), with
-- their rooms locked in the order in which storing messages locks them. Nobody waits for longer than such a portion takes.
DO $$
DECLARE
  portion text[];
  last text := '';
BEGIN
  -- A message that was being stored by the function as it was before, or waited for its room, is stored when this lock is
  -- given; who comes later uses the one that notes who has written. So nobody is missed.
  LOCK TABLE rooms IN EXCLUSIVE MODE;
  COMMIT;
  LOOP
    SELECT array_agg(r.id ORDER BY r.id) INTO portion
    FROM (SELECT id FROM rooms WHERE id > last ORDER BY id LIMIT 500) r;
    EXIT WHEN portion IS NULL;
    PERFORM 1 FROM rooms WHERE id = ANY (portion) ORDER BY id FOR NO KEY UPDATE;
    UPDATE participants p SET has_written = true
    WHERE p.room_id = ANY (portion) AND NOT p.has_written
      AND EXISTS (SELECT 1 FROM messages m WHERE m.room_id = p.room_id AND m.sender_id = p.user_id);
    last := portion[cardinality(portion)];
    COMMIT;
  END LOOP;
END $$;
