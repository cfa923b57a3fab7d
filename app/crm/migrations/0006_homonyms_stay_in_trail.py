"""Forgetting a person in the trail leaves the documents of another person who bears the same name as they are."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("app.crm.migrations.0002_forget_in_trail")
FORGET = """
DROP FUNCTION forget_customer_in_trail(bigint, jsonb, text);
CREATE FUNCTION forget_customer_in_trail(customer bigint, linked jsonb, known_as text, others jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  workshop bigint := nullif(current_setting('app.workshop_id', true), '')::bigint;
  persons bigint[];
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.crm_customer held
    WHERE held.workshop_id = workshop AND held.id = customer AND held.erased_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'the trail forgets erased customers only' USING ERRCODE = 'insufficient_privilege';
  END IF;

  -- The records that were merged into this one were the same person: "Zoe Martin (12)".
  WITH RECURSIVE same (pk) AS (
    SELECT customer
    UNION
    SELECT substring(entry.changes ->> 'merged' FROM '\\((\\d+)\\)$')::bigint
    FROM public.audit_auditentry entry JOIN same ON entry.subject_pk = same.pk
    WHERE entry.workshop_id = workshop AND entry.subject_kind = 'customer' AND entry.action = 'customer.merged'
  )
  SELECT array_agg(pk) INTO persons FROM same WHERE pk IS NOT NULL;

  -- Their own entries: which fields changed stays, no value does.
  UPDATE public.audit_auditentry entry
  SET subject_label = '#' || entry.subject_pk,
      actor = CASE WHEN entry.origin = 'portal' THEN '' ELSE entry.actor END,
      ip = CASE WHEN entry.origin = 'portal' THEN NULL ELSE entry.ip END,
      changes = coalesce((SELECT jsonb_object_agg(key, NULL::text) FROM jsonb_each(entry.changes)), '{}')
  WHERE entry.workshop_id = workshop AND entry.subject_kind = 'customer' AND entry.subject_pk = ANY (persons);

  -- Those about their documents: the values that name them, and who acted when it was them.
  UPDATE public.audit_auditentry entry
  SET subject_label = CASE WHEN entry.subject_kind = 'signature' THEN '#' || entry.subject_pk
                           ELSE entry.subject_label END,
      actor = CASE WHEN entry.origin = 'portal' THEN '' ELSE entry.actor END,
      ip = CASE WHEN entry.origin = 'portal' THEN NULL ELSE entry.ip END,
      changes = coalesce((
        SELECT jsonb_object_agg(key, CASE WHEN key IN ('customer', 'signed_by', 'signer', 'to', 'reason')
                                          THEN 'null' ELSE value END)
        FROM jsonb_each(entry.changes)), '{}')
  FROM jsonb_each(linked) kind, jsonb_array_elements_text(kind.value) pk
  WHERE entry.workshop_id = workshop AND kind.key <> 'customer'
    AND entry.subject_kind = kind.key AND entry.subject_pk = pk.value::bigint;

  -- Documents that were deleted or given to another customer since; not those of somebody who bears the same name.
  UPDATE public.audit_auditentry entry
  SET changes = jsonb_set(entry.changes, '{customer}', 'null')
  WHERE entry.workshop_id = workshop AND known_as <> '' AND entry.changes ? 'customer'
    AND (entry.changes -> 'customer' = to_jsonb(known_as) OR entry.changes -> 'customer' @> to_jsonb(ARRAY[known_as]))
    AND NOT coalesce(others -> entry.subject_kind @> to_jsonb(entry.subject_pk), false);
END $$;

REVOKE ALL ON FUNCTION forget_customer_in_trail(bigint, jsonb, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_customer_in_trail(bigint, jsonb, text, jsonb) TO thermo_app, thermo_platform;
-- The owner of the schema sees no row under forced row security: the platform's role, which does, owns the function.
GRANT CREATE ON SCHEMA public TO thermo_platform;
ALTER FUNCTION forget_customer_in_trail(bigint, jsonb, text, jsonb) OWNER TO thermo_platform;
REVOKE CREATE ON SCHEMA public FROM thermo_platform;
"""
UNDO = f"DROP FUNCTION forget_customer_in_trail(bigint, jsonb, text, jsonb);{BEFORE.FORGET}"


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_language_of_messages")]
    operations = [migrations.RunSQL(FORGET, reverse_sql=UNDO)]
