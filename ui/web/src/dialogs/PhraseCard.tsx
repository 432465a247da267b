import type { PhraseAnswer } from '@robotrader/client';
import type { ReactNode } from 'react';

const kinds: Record<string, string> = {
  verb: 'do',
  strategy: 'strategy',
  symbol: 'symbol',
  parameter: 'parameter',
  limit: 'limit',
  number: 'value',
  subject: 'what',
  unknown: 'not understood',
};

/** Each word with what it was taken for, then what will happen, or why nothing of it can. */
export function PhraseCard({ answer }: { answer: PhraseAnswer }): ReactNode {
  return (
    <div className="phrase" data-testid="phrase-card">
      <p className="phrase-words" aria-label="What each word was taken for">
        {answer.words.map((word) => (
          <span key={word.from} data-kind={word.kind}>
            <b>{word.text}</b>
            <small>{kinds[word.kind] ?? ''}</small>
          </span>
        ))}
      </p>
      {answer.problem !== '' ? (
        <p className="warn" role="status" data-testid="phrase-problem">
          {answer.problem}
        </p>
      ) : (
        <>
          <h3 className="modal-head">
            {answer.actions.every((action) => action.is_question) ? 'Answer' : 'What will happen'}
          </h3>
          <ol className="phrase-actions" data-testid="phrase-actions">
            {answer.actions.map((action, place) => (
              <li key={place}>
                {action.text}
                {action.raises_risk && <span className="warn"> Raises risk.</span>}
                {action.details.slice(0, detailsMost).map((detail) => (
                  <div key={detail} className="t2">
                    {detail}
                  </div>
                ))}
                {action.details.length > detailsMost && (
                  <div className="t3">and {action.details.length - detailsMost} more</div>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

const detailsMost = 8;
