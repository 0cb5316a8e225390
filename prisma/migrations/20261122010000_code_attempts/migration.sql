-- Wrong codes of a second factor, for each address they come from; what comes from addresses that are not known is counted
-- for the account besides, in second_factors. A right code makes its address known.
CREATE TABLE "code_attempts" (
    "user_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "wrong" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "right_at" TIMESTAMPTZ(3),

    CONSTRAINT "code_attempts_pkey" PRIMARY KEY ("user_id","address","kind")
);

CREATE INDEX "code_attempts_since_idx" ON "code_attempts"("since");
ALTER TABLE "code_attempts" ADD CONSTRAINT "code_attempts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "second_factors"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;
