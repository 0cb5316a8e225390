DROP INDEX CONCURRENTLY IF EXISTS "topic_subscriptions_topic_idx";
