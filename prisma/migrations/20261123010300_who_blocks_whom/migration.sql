DROP INDEX CONCURRENTLY "user_blocks_blocked_id_idx";
