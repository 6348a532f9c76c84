/** The platform's calls, by the names that faults, records and limits use. */
export type Endpoint =
  'access_token' | 'user_info' | 'list' | 'create' | 'slice' | 'upload_complete' | 'domain' | 'single_create'
