-- What it was sent to, where it was sent to a topic.
ALTER TABLE "notifications" ADD COLUMN "topic" TEXT;
