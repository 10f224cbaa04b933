-- The tables of the walkthrough, empty. Applied by every `up`, so each statement is repeatable.
-- REPLICA IDENTITY FULL makes "before" carry the whole old row, not only its key.

CREATE TABLE IF NOT EXISTS public.links (
  "customerId" bigint PRIMARY KEY,
  "customerFName" text,
  "customerLName" text,
  "customerEmail" text,
  "customerPassword" text,
  "customerStreet" text,
  "customerCity" text,
  "customerState" text,
  "customerZipcode" bigint
);
ALTER TABLE public.links REPLICA IDENTITY FULL;

CREATE TABLE IF NOT EXISTS public.customers1 (LIKE public.links INCLUDING ALL);
ALTER TABLE public.customers1 REPLICA IDENTITY FULL;
