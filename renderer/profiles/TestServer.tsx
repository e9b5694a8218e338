import { Button } from '@mantine/core'
import { IconCircleCheckFilled } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ProfileServer, ServerTest } from '../../preload/profile-shapes.ts'
import { sentenceOf } from '../i18n/index.ts'
import { External } from '../parts/External.tsx'
import { type SectionProps, useProfileForm } from './form.ts'
import classes from './profiles.module.css'
import { questionOf, signOf, type Trial } from './store.ts'
import { wrongIn } from './values.ts'
import { sentencesFor } from './wrong.ts'

type Props = Omit<SectionProps, 'known'> & { server: ProfileServer }

/** Asks one server with what is typed now; nothing is saved. What it said of something else is not shown. */
export function TestServer({ server, id, store, goThere }: Props) {
  const { t } = useTranslation()
  const form = useProfileForm()
  const trial = useStore(store, (state) => state.trials[server])
  const question = questionOf(server, id, form.values)
  const current = trial?.question === signOf(question) ? trial : undefined
  function test() {
    const wrong = wrongIn(question.draft)
    if (Object.keys(wrong).length > 0) {
      form.setErrors(sentencesFor(t, wrong))
      return goThere()
    }
    void store.getState().test(server, id, form.values)
  }
  return (
    <div className={classes.test}>
      <Button variant="default" loading={current?.state === 'asking'} onClick={test}>
        {t(`profiles.test.${server}`)}
      </Button>
      <div className={classes.told} aria-live="polite" data-state={current?.state}>
        {current ? <Told server={server} trial={current} /> : null}
      </div>
    </div>
  )
}

/** Facts as words: a yes or a no is said in the agent's language. */
const worded = (t: TFunction, facts: ServerTest['facts']): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      typeof fact === 'boolean' ? t(fact ? 'profiles.yes' : 'profiles.no') : fact,
    ]),
  )

function Told({ server, trial }: { server: ProfileServer; trial: Trial }) {
  const { t } = useTranslation()
  if (trial.state === 'asking') return t('profiles.testing')
  if (trial.state === 'told')
    return (
      <>
        <IconCircleCheckFilled size={17} aria-hidden />{' '}
        <span>{t(`profiles.tested.${server}`, worded(t, trial.facts))}</span>
      </>
    )
  const { excerpt } = trial.failure.details
  return (
    <span>
      {sentenceOf(t, trial.failure)}
      {typeof excerpt === 'string' && excerpt !== '' && trial.failure.reason !== 'invalid' ? (
        <code className={classes.excerpt}>
          <External>{excerpt}</External>
        </code>
      ) : null}
    </span>
  )
}
