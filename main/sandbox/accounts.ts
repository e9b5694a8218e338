/** What a language calls something of the simulated servers. */
export type Wording = { fr: string; en: string }
/** Of an organisation at DeployCenter, for the service "messages"; `none`: it never subscribed. */
export const subscriptions = ['active', 'inactive', 'none'] as const
export type Subscription = (typeof subscriptions)[number]

/** Somebody who can sign in at the sandbox's provider, with what DeployCenter first says of them. */
export type Account = {
  /** For control routes and for the page where one is chosen; `sub` is what the provider tells. */
  id: string
  sub: string
  givenName: string
  usualName: string
  email: string
  /** 14 digits of no real establishment: 999 begins none. */
  siret: string
  roles: readonly string[]
  /** What this account is there to show. */
  shows: Wording
  organization: { type: string; name: string }
  domains: readonly string[]
  subscription: Subscription
}

const active = { roles: [], subscription: 'active', domains: [] } as const

/** The agents of the demonstration, then the people whom the console seeds with accesses. All are invented. */
export const accounts: readonly Account[] = [
  {
    ...active,
    id: 'support',
    sub: '5f0c1d8e-7a43-4c1b-9a51-0d3c6b8e2f01',
    givenName: 'Camille',
    usualName: 'Ciboulette',
    email: 'camille.ciboulette@support-fictif.example',
    siret: '99900000100017',
    roles: ['support'],
    shows: { fr: 'Support : tous les domaines', en: 'Support desk: every domain' },
    organization: { type: 'other', name: 'Support fictif' },
  },
  {
    ...active,
    id: 'two-towns',
    sub: 'b2a7e6c4-19d5-4f38-8c60-5e1f7a9d3b02',
    givenName: 'Charlie',
    usualName: 'Panais',
    email: 'charlie.panais@agglomeration-fictive.example',
    siret: '99900000200015',
    shows: {
      fr: 'Administre deux domaines, selon DeployCenter',
      en: 'Administers two domains, says DeployCenter',
    },
    organization: { type: 'epci', name: 'Agglomération fictive' },
    domains: ['villeneuve-les-etangs.example', 'sdis-valdore.example'],
  },
  {
    ...active,
    id: 'not-activated',
    sub: 'e94d3b70-62f8-4a0e-b7c5-8a2d1c6f4e03',
    givenName: 'Lou',
    usualName: 'Topinambour',
    email: 'lou.topinambour@neuvy-aux-tilleuls.example',
    siret: '99900000300013',
    shows: {
      fr: 'Son organisation n’a pas activé le service',
      en: 'Their organisation has not activated it',
    },
    organization: { type: 'commune', name: 'Neuvy-aux-Tilleuls (fictive)' },
    subscription: 'inactive',
  },
  {
    ...active,
    id: 'owner',
    sub: '0a6b9f12-d3e7-4589-a1f4-6c7e2d8b5a04',
    givenName: 'Robin',
    usualName: 'Betterave',
    email: 'robin.betterave@clairvaux-les-granges.example',
    siret: '99900000400011',
    shows: { fr: 'Propriétaire d’un domaine', en: 'Owner of a domain' },
    organization: { type: 'commune', name: 'Clairvaux-les-Granges (fictive)' },
  },
  {
    ...active,
    id: 'administrator',
    sub: '7c58e0d9-4b1a-4e62-93d8-1f5a6c9e7b05',
    givenName: 'Eden',
    usualName: 'Rutabaga',
    email: 'eden.rutabaga@villeneuve-les-etangs.example',
    siret: '99900000500018',
    shows: { fr: 'Administre un domaine', en: 'Administers a domain' },
    organization: { type: 'commune', name: 'Villeneuve-les-Étangs (fictive)' },
    domains: ['villeneuve-les-etangs.example'],
  },
  {
    ...active,
    id: 'viewer',
    sub: '3d91b7a5-8e06-4cf3-b254-9b7d0e1f6c06',
    givenName: 'Ange',
    usualName: 'Pissenlit',
    email: 'ange.pissenlit@port-salin.example',
    siret: '99900000600016',
    shows: { fr: 'Lit un domaine sans le modifier', en: 'Reads a domain and changes nothing' },
    organization: { type: 'commune', name: 'Port-Salin (fictive)' },
  },
  {
    ...active,
    id: 'several',
    sub: 'c16f4e83-0b9d-47a2-8ef1-2d6a5b3c9f07',
    givenName: 'Sacha',
    usualName: 'Estragon',
    email: 'sacha.estragon@communaute-fictive.example',
    siret: '99900000700014',
    shows: { fr: 'Plusieurs domaines, plusieurs rôles', en: 'Several domains, several roles' },
    organization: { type: 'epci', name: 'Communauté fictive' },
    domains: ['sdis-valdore.example'],
  },
  {
    ...active,
    id: 'unknown',
    sub: '98e2c5d0-f74b-4136-a9d7-4e8b1f0a2c08',
    givenName: 'Swann',
    usualName: 'Potiron',
    email: 'swann.potiron@prestataire-fictif.example',
    siret: '99900000800012',
    shows: { fr: 'Aucun domaine pour l’instant', en: 'No domain so far' },
    organization: { type: 'other', name: 'Prestataire fictif' },
  },
]

export const nameOf = ({ givenName, usualName }: Account): string => `${givenName} ${usualName}`
