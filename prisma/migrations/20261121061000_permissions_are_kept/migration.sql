-- Triggers keep users.permissions. What the column says already is right for everybody whose role is `user`: the others are
-- the few rows that are written here. Until this is committed those who write to users wait, and who reads does not.
CREATE FUNCTION effective_permissions(p_user text, p_role text) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(permission ORDER BY permission COLLATE "C"), '{}')
    FROM (
      (SELECT permission FROM role_permissions WHERE role = p_role
       UNION
       SELECT permission FROM user_permissions WHERE user_id = p_user AND is_granted)
      EXCEPT
      SELECT permission FROM user_permissions WHERE user_id = p_user AND NOT is_granted
    ) AS allowed
  );
END $$;

-- Nobody sets the column: whatever was written there, what holds is what the tables say. It is worked out with the row
-- locked and by what is committed then, so that changes at the same moment all count.
CREATE FUNCTION keep_permissions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.permissions := effective_permissions(NEW.id, NEW.role);
  RETURN NEW;
END $$;
CREATE TRIGGER keep_permissions BEFORE INSERT OR UPDATE OF role, permissions ON users
  FOR EACH ROW EXECUTE FUNCTION keep_permissions();

CREATE FUNCTION apply_user_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE users SET permissions = '{}' WHERE id = OLD.user_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE users SET permissions = '{}' WHERE id = NEW.user_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER apply_user_permission AFTER INSERT OR UPDATE OR DELETE ON user_permissions
  FOR EACH ROW EXECUTE FUNCTION apply_user_permission();

CREATE FUNCTION apply_role_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE users SET permissions = '{}' WHERE role = OLD.role;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE users SET permissions = '{}' WHERE role = NEW.role;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER apply_role_permission AFTER INSERT OR UPDATE OR DELETE ON role_permissions
  FOR EACH ROW EXECUTE FUNCTION apply_role_permission();

UPDATE "users" SET "permissions" = '{}' WHERE "role" <> 'user';

-- Every socket process looks at this person's sockets again, whoever changed the row. No process publishes this itself,
-- so the origin is nobody's.
CREATE FUNCTION announce_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM announce(jsonb_build_object('type', 'user', 'userId', NEW.id), 'database');
  RETURN NULL;
END $$;
CREATE TRIGGER announce_user AFTER UPDATE OF role, permissions, disabled_at ON users
  FOR EACH ROW
  WHEN ((OLD.role, OLD.permissions, OLD.disabled_at) IS DISTINCT FROM (NEW.role, NEW.permissions, NEW.disabled_at))
  EXECUTE FUNCTION announce_user();
