-- With both columns, so that it reads one row where one is asked for, as the primary key does: while the table is small both
-- cost the same, and a plan stays when it has grown. Cut off, it leaves an index that is not valid: drop that, and again.
CREATE INDEX CONCURRENTLY "user_blocks_blocked_id_blocker_id_idx" ON "user_blocks"("blocked_id", "blocker_id");
