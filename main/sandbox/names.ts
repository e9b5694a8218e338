import { words } from './words.ts'

/** Invented communes and administrations; `.example` is reserved by RFC 2606, so none can be real. */
const written = words(`
  belmont-la-roche cc-valdore saint-amand-des-bruyeres mairie-courtenoy villeneuve-les-etangs
  departement-haute-lande montfleury-sur-orne sdis-valdore ccas-belmont roche-aigue
  beauregard-en-vexane cc-pays-de-brumelle brumelle saint-loup-sous-brumelle les-trois-moulins
  mairie-fontclaire agglo-rivemarne rivemarne chateauvieux-le-haut syndicat-eaux-valdore
  saint-hilaire-du-gue mairie-aubeterre-la-vieille castelnoir port-salin cc-monts-d-estrelle
  estrelle-les-bains neuvy-aux-tilleuls mairie-pierrebrune office-tourisme-estrelle grand-lieu-du-bois
  vaux-la-grande epinay-les-saules mairie-sauvebelle cdg-haute-lande longpre-sur-aulne
  saint-cyr-les-vignes-basses bourg-neuf-en-plaine mairie-marsanne-le-vieux cc-trois-vallons
  vallon-d-amont vallon-d-aval clairvaux-les-granges mairie-peyrebrune lac-de-sermont sermont-ville
  ehpad-les-tilleuls ecole-musique-rivemarne saint-maurin-la-lande mairie-ouville-les-dunes
  dunes-et-marais parc-naturel-haute-lande hautecombe-le-pont mairie-rochebelle sivom-aulne-amont
  ferriere-le-duc prefecture-demonstration mairie-chanteloube noirmont-les-sources
  saint-aubin-des-chaumes mediatheque-castelnoir
`)

const kinds = words('mairie cc ccas ville syndicat ecole office regie agglo commune sivu')
const stems = words(`
  beau clair haute mont neuve noire pierre roche saint-ael saint-brac saint-dorn saint-evre saint-ferre
  saint-gaud saint-lieu saint-mard saint-oyan saint-urc sauve val vaux verte vieille longue grande
  basse belle blanche bonne douce
`)
const places = words(`
  combe fontaine garde lande mare mont prade ribe riviere serre source tour vigne ville bruyere chaume
  dune etang futaie gue ile
`)
const waters = words(`
  aulne brumelle cendre dorette estrelle flume gresse hermine isole jarre lanterne merle nacre orme
  perle quille ruche seille tanche verne yonelle zelle
`)
const total = kinds.length * stems.length * places.length * waters.length
// Prime, and prime to `total`: walking by this step meets every combination once before any comes back.
const step = 100_003

/** The i-th domain name of the fleet: 60 written by hand, then composed ones, all different up to 100,000. */
export function domainName(index: number): string {
  const byHand = written[index]
  if (byHand !== undefined) return `${byHand}.example`
  let rest = (index * step) % total
  const parts = [kinds, stems, places, waters].map((list) => {
    const part = list[rest % list.length] ?? ''
    rest = Math.floor(rest / list.length)
    return part
  })
  const [kind, stem, place, water] = parts
  return `${kind}-${stem}-${place}-sur-${water}.example`
}
