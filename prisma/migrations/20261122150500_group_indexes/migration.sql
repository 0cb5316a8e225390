-- Apart from the columns, so that nobody who reads waits while these are made.
CREATE UNIQUE INDEX "rooms_maker_id_client_id_key" ON "rooms"("maker_id", "client_id") WHERE "maker_id" IS NOT NULL;
-- The few rooms that a person has pinned.
CREATE INDEX "participants_pinned_idx" ON "participants"("user_id", "room_id") WHERE "pinned_at" IS NOT NULL;

-- No server made a group so far; whoever put one into the tables finds it counted.
UPDATE "rooms" r SET "member_count" = (SELECT count(*) FROM "participants" p WHERE p."room_id" = r."id") WHERE "kind" = 'group';
