-- Takes no lock that anybody waits for. Not everybody is looked at in the same minute of the day.
INSERT INTO digests (user_id, look_at)
SELECT u.id, now() + random() * interval '1 day' FROM users u
ON CONFLICT (user_id) DO NOTHING;
