const error = /** @type {const} */ ('error')

/**
 * The directions of docs/architecture.md: renderer -> preload <- main, and within main, downwards only.
 * @param {string} name @param {string} from @param {string} to
 */
const layer = (name, from, to) => ({ name, severity: error, from: { path: from }, to: { path: to } })

const useCases = 'jobs|mailboxes|aliases|csv|rights|session|setup|mail|entitlements|provisioning|diagnosis'
const above = `api|shell|profiles|${useCases}`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    layer('main-never-sees-the-renderer', '^main/', '^renderer/'),
    layer('renderer-never-sees-main', '^renderer/', '^main/'),
    layer('preload-stands-alone', '^preload/', '^(main|renderer)/'),
    {
      name: 'electron-only-in-the-shell',
      severity: 'error',
      from: { pathNot: '^(main/shell/|preload/index\\.ts$|test/)' },
      to: { path: 'node_modules/electron/|^electron$' },
    },
    {
      name: 'sandbox-is-loaded-by-nobody',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/', pathNot: '^main/sandbox/' },
      to: { path: '^main/sandbox/' },
    },
    {
      name: 'sandbox-loads-nothing-of-ours',
      severity: 'error',
      from: { path: '^main/sandbox/' },
      to: { path: '^(main|preload|renderer)/', pathNot: '^main/sandbox/' },
    },
    {
      name: 'only-the-root-sees-the-shell',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/(shell/|index\\.ts$)' },
      to: { path: '^main/shell/' },
    },
    layer('store-is-at-the-bottom', '^main/store/', `^main/(${above}|dimail)/`),
    layer('http-knows-no-server-of-ours', '^main/http/', `^main/(${above}|dimail|store)/`),
    layer('dns-knows-no-use-case', '^main/dns/', `^main/(${above}|store|dimail)/`),
    layer('dimail-knows-no-use-case', '^main/dimail/', `^main/(${above}|store)/`),
    layer('use-cases-know-no-handler', `^main/(${useCases})/`, '^main/(api|shell|profiles)/'),
    {
      name: 'shipped-code-needs-no-test',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
