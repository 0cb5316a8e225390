-- The page it is about: an address of this site.
ALTER TABLE "notifications" ADD COLUMN "link" TEXT;
