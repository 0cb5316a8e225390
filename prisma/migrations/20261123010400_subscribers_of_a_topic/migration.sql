-- As 20261123010200_who_blocks_whom.
CREATE INDEX CONCURRENTLY "topic_subscriptions_topic_user_id_idx" ON "topic_subscriptions"("topic", "user_id");
