DROP INDEX CONCURRENTLY "topic_subscriptions_topic_idx";
