/**
 * Which connector a resource that is read by id alone stands for: its address in Connect's REST interface, such as
 * `http://localhost:8083/connectors/my-connector`.
 * @throws Error when the id is no such address.
 */
export function addressOf(id: string): { connectUrl: string; name: string } {
  const [, connectUrl, name] = /^(https?:\/\/.+)\/connectors\/([^/]+)\/?$/.exec(id) ?? [];
  if (connectUrl && name) return { connectUrl, name: decodeURIComponent(name) };
  throw new Error(
    `"${id}" does not say where the connector is: give its address, such as http://localhost:8083/connectors/my-connector`,
  );
}
