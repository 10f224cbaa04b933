/** What the command line asked for. */
export interface AdvisoriesRequest {
  /** Where the bill of materials goes. */
  readonly sbom?: string;
}
