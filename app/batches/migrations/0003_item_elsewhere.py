"""A part put in a batch that the writer cannot see is refused by row security, as in every other table."""

from django.db import migrations

#: As in the first migration, but for a batch that is not found.
ITEM = """
CREATE OR REPLACE FUNCTION batches_keep_item_pure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    batch batches_batch;
    part projects_part;
    part_site bigint;
    powder powders_powder;
    wanted powders_powder;
    longest integer;
    shortest integer;
    other_lot text;
    differing text[];
BEGIN
    SELECT * INTO batch FROM batches_batch WHERE id = NEW.batch_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NEW; -- of another workshop, or none: row security and the composite key refuse it
    END IF;
    NEW.is_held := batch.state IN ('open', 'launched');
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.batch_id, NEW.part_id) IS DISTINCT FROM (OLD.batch_id, OLD.part_id) THEN
            RAISE EXCEPTION 'a part leaves a batch, it does not move' USING ERRCODE = 'TG002';
        END IF;
        NEW.minutes := OLD.minutes;
        NEW.lot := OLD.lot;
        RETURN NEW;
    END IF;
    IF batch.state <> 'open' THEN
        RAISE EXCEPTION 'the batch is not open' USING ERRCODE = 'TG002';
    END IF;
    -- Held until the end: whoever changes the part or the powder waits, and then finds the part in the batch.
    SELECT * INTO part FROM projects_part WHERE id = NEW.part_id FOR SHARE;
    SELECT site_id INTO part_site FROM projects_project WHERE id = part.project_id FOR SHARE;
    SELECT * INTO powder FROM powders_powder WHERE id = part.powder_id FOR SHARE;
    SELECT * INTO wanted FROM powders_powder WHERE id = batch.powder_id FOR SHARE;
    NEW.minutes := coalesce(part.curing_minutes, powder.curing_minutes);
    NEW.lot := '';
    IF batch.same_lot THEN
        SELECT former.lot INTO NEW.lot FROM batches_batchitem item JOIN batches_batch former ON former.id = item.batch_id
        WHERE item.part_id = NEW.part_id AND former.powder_id = batch.powder_id AND former.state = 'closed'
        ORDER BY item.done_at DESC LIMIT 1;
        NEW.lot := coalesce(NEW.lot, '');
    END IF;
    SELECT max(minutes), min(minutes), max(lot) INTO longest, shortest, other_lot
    FROM batches_batchitem WHERE batch_id = NEW.batch_id;
    longest := greatest(longest, batch.minutes);
    shortest := least(shortest, batch.minutes);
    other_lot := CASE WHEN batch.lot <> '' THEN batch.lot ELSE coalesce(other_lot, '') END;
    differing := CASE
        WHEN part_site IS DISTINCT FROM batch.site_id THEN ARRAY['site', batch.site_id::text, part_site::text]
        WHEN powder.reference IS DISTINCT FROM wanted.reference THEN ARRAY['reference', wanted.reference, powder.reference]
        WHEN powder.type IS DISTINCT FROM wanted.type THEN ARRAY['type', wanted.type, powder.type]
        WHEN powder.finish IS DISTINCT FROM wanted.finish THEN ARRAY['finish', wanted.finish, powder.finish]
        WHEN powder.id IS DISTINCT FROM wanted.id THEN ARRAY['reference', wanted.id::text, powder.id::text]
        WHEN part.coats <> batch.coats THEN ARRAY['coats', batch.coats::text, part.coats::text]
        WHEN part.primer <> batch.primer THEN ARRAY['primer', batch.primer::text, part.primer::text]
        WHEN part.varnish <> batch.varnish THEN ARRAY['varnish', batch.varnish::text, part.varnish::text]
        WHEN coalesce(part.curing_celsius, powder.curing_temperature_c) IS DISTINCT FROM batch.celsius
            THEN ARRAY['temperature', batch.celsius::text, coalesce(part.curing_celsius, powder.curing_temperature_c)::text]
        WHEN (NEW.minutes IS NULL) <> (batch.minutes IS NULL)
            OR greatest(longest, NEW.minutes) - least(shortest, NEW.minutes) > batch.tolerance_minutes
            THEN ARRAY['minutes', batch.minutes::text, NEW.minutes::text]
        WHEN NEW.lot <> '' AND other_lot <> '' AND NEW.lot <> other_lot THEN ARRAY['lot', other_lot, NEW.lot]
    END;
    IF differing IS NOT NULL THEN
        RAISE EXCEPTION 'criterion %: % in the batch, % on the part', differing[1], differing[2], differing[3]
        USING ERRCODE = 'TG001', DETAIL = array_to_json(differing)::text;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("batches", "0002_ovens")]

    operations = [migrations.RunSQL(ITEM, reverse_sql=migrations.RunSQL.noop)]
