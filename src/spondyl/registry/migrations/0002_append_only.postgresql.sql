CREATE FUNCTION decisions_are_only_added() RETURNS trigger AS
'BEGIN RAISE EXCEPTION ''decisions are only ever added''; END' LANGUAGE plpgsql

CREATE TRIGGER decisions_stay BEFORE UPDATE OR DELETE ON decisions
FOR EACH ROW EXECUTE FUNCTION decisions_are_only_added()

CREATE TRIGGER decisions_remain BEFORE TRUNCATE ON decisions
FOR EACH STATEMENT EXECUTE FUNCTION decisions_are_only_added()
