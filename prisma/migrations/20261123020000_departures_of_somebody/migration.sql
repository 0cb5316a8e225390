-- A ping asks for the latest of somebody's. Cut off, it leaves an index that is not valid: drop that, and again.
CREATE INDEX CONCURRENTLY "room_departures_user_id_left_at_idx" ON "room_departures"("user_id", "left_at");
