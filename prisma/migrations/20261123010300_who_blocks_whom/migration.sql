DROP INDEX CONCURRENTLY IF EXISTS "user_blocks_blocked_id_idx";
