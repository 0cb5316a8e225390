-- Who is what in a group, and what each member prefers.
ALTER TABLE "participants"
    ADD COLUMN "role" TEXT NOT NULL DEFAULT 'member',
    ADD COLUMN "muted_until" TIMESTAMPTZ(3),
    ADD COLUMN "pinned_at" TIMESTAMPTZ(3),
    -- Counts what changed of the room for this member alone; the `readRev` that they are told is the room's and this together.
    ADD COLUMN "own_rev" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "own_changed_at" TIMESTAMPTZ(3);
-- All rows there are have the default: none has to be looked at while everybody waits.
ALTER TABLE "participants" ADD CONSTRAINT "participants_role_check" CHECK ("role" IN ('owner', 'admin', 'member')) NOT VALID;

-- Who left a room, or was taken out, and may be back by now: so a page that missed it being said learns it with its next
-- ping. No foreign keys: it is noted also when the person or the room goes.
CREATE TABLE "room_departures" (
    "user_id" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "left_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "room_departures_pkey" PRIMARY KEY ("user_id", "room_id")
);
CREATE INDEX "room_departures_left_at_idx" ON "room_departures"("left_at");

-- Whatever adds or removes members, these keep the count and note who left.
CREATE FUNCTION note_arrivals() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v record;
BEGIN
  -- Row by row, each by its key: whatever the planner believes of the tables.
  FOR v IN SELECT a.room_id, count(*)::int AS n FROM arrived a GROUP BY a.room_id ORDER BY a.room_id LOOP
    UPDATE rooms r SET member_count = r.member_count + v.n WHERE r.id = v.room_id AND r.kind = 'group';
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER note_arrivals AFTER INSERT ON "participants" REFERENCING NEW TABLE AS arrived
  FOR EACH STATEMENT EXECUTE FUNCTION note_arrivals();

CREATE FUNCTION note_departures() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v record;
BEGIN
  FOR v IN SELECT d.room_id, count(*)::int AS n FROM departed d GROUP BY d.room_id ORDER BY d.room_id LOOP
    UPDATE rooms r SET member_count = r.member_count - v.n WHERE r.id = v.room_id AND r.kind = 'group';
  END LOOP;
  INSERT INTO room_departures (user_id, room_id, left_at)
  SELECT user_id, room_id, clock_timestamp() FROM departed
  ON CONFLICT (user_id, room_id) DO UPDATE SET left_at = excluded.left_at;
  RETURN NULL;
END $$;
CREATE TRIGGER note_departures AFTER DELETE ON "participants" REFERENCING OLD TABLE AS departed
  FOR EACH STATEMENT EXECUTE FUNCTION note_departures();
