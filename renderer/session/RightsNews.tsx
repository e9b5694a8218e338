import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { RightsPlan } from '../../preload/session-shapes.ts'
import classes from '../app/app.module.css'
import { sentenceOf } from '../i18n/index.ts'
import { useAgo } from '../parts/Ages.tsx'
import { visible } from '../parts/external-text.ts'
import { useLocale } from '../parts/locale.ts'
import { useApp, useStores } from '../stores.ts'
import { changes } from './plan-rows.ts'
import { RightsChanges } from './RightsChanges.tsx'

/** What the reading of rights at sign-in changed, or why it changed nothing, until the agent has taken note of it. */
export function RightsNews() {
  const plan = useApp((state) => state.session?.plan)
  const seen = useApp((state) => state.seenPlan)
  if (!plan || plan.id === seen) return null
  if (plan.state === 'applied' && changes(plan)) return <Changed plan={plan} />
  return saysNothingNew(plan) ? null : <Unchanged plan={plan} />
}

/** A backend that never gives a list is no news; one that gives a reason, or fails, is. */
const saysNothingNew = ({ state, trouble, reason, answer }: RightsPlan): boolean =>
  (state !== 'kept' && state !== 'failed') || (trouble === null && reason === null && answer !== 'invalid')

/** As many names as a sentence carries. */
const named = 4

function Changed({ plan }: { plan: RightsPlan }) {
  const { t } = useTranslation()
  const { app } = useStores()
  const [shown, { open, close }] = useDisclosure(false)
  const list = new Intl.ListFormat(useLocale())
  const names = (all: readonly string[]) => {
    const some = all.slice(0, named).map(visible)
    const more = all.length - some.length
    return list.format(more > 0 ? [...some, t('rightsNews.more', { count: more })] : some)
  }
  return (
    <div className={classes.banner}>
      <span role="status">
        {t('rightsNews.changed')}{' '}
        {plan.add.length > 0
          ? `${t('rightsNews.gained', { count: plan.add.length, names: names(plan.add) })} `
          : null}
        {plan.remove.length > 0
          ? t('rightsNews.lost', { count: plan.remove.length, names: names(plan.remove) })
          : null}
      </span>
      <Button size="compact-sm" variant="default" onClick={open}>
        {t('rightsNews.list')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => app.getState().seePlan(plan.id)}>
        {t('notice.dismiss')}
      </Button>
      <Modal
        opened={shown}
        onClose={close}
        size="lg"
        title={t('rightsNews.title')}
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        <RightsChanges plan={plan} height={420} />
      </Modal>
    </div>
  )
}

function Unchanged({ plan }: { plan: RightsPlan }) {
  const { t } = useTranslation()
  const { app } = useStores()
  return (
    <div className={classes.banner}>
      <div>
        <span role="status">
          <WhyKept plan={plan} />
        </span>{' '}
        <Stale plan={plan} />
      </div>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => app.getState().go({ view: 'settings', section: 'rights' })}
      >
        {t('rightsNews.see')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => app.getState().seePlan(plan.id)}>
        {t('notice.dismiss')}
      </Button>
    </div>
  )
}

/** That the rights are as they were, which trouble kept them so, and who can mend it. */
export function WhyKept({ plan: { state, trouble, answer, reason } }: { plan: RightsPlan }) {
  const { t } = useTranslation()
  const kept = t(state === 'failed' ? 'rightsNews.notWritten' : 'rightsNews.kept')
  if (trouble) return `${kept} ${sentenceOf(t, trouble)}`
  if (answer === 'invalid') return `${kept} ${t('rightsNews.invalid')}`
  if (answer === 'empty-list' || answer === 'list') return `${kept} ${t('rightsNews.declined')}`
  if (reason !== null) return `${kept} ${t('rightsNews.reason', { reason: visible(reason) })}`
  return `${kept} ${t('rightsNews.notProvided')}`
}

/** Out of what is read aloud: its age would be read again at every tick. */
export function Stale({ plan: { stale, answeredAt } }: { plan: RightsPlan }) {
  const { t } = useTranslation()
  const ago = useAgo()
  if (!stale || answeredAt === null) return null
  return <>{t('rightsNews.stale', { ago: ago(answeredAt) })}</>
}
