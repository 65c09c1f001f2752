"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { firstRowQuery } from "./first-row.queries";
import { FirstRowArrived } from "./first-row-arrived";
import { WriteFirstRow } from "./write-first-row";

interface FirstRowProps {
  appId: string;
  /** Shown instead where the log has rows already, or could not be asked. */
  otherwise?: ReactNode;
  /** Called to show the log with its first row. Default: the Calls page is loaded. */
  onShow?: () => void;
}

/**
 * The empty state of an application that has no rows: a command that writes the first one. It watches the log and turns into
 * that row when it comes.
 */
export function FirstRow(props: FirstRowProps) {
  return <Watch key={props.appId} {...props} />;
}

function Watch({ appId, otherwise = null, onShow }: FirstRowProps) {
  const [round, setRound] = useState(0);
  const [sawEmpty, setSawEmpty] = useState(false);
  const { data, isError, isFetching } = useQuery(firstRowQuery(appId, round));
  const [row] = data?.events ?? [];
  if (data && !row && !sawEmpty) setSawEmpty(true);
  if (sawEmpty && row) return <FirstRowArrived row={row} appId={appId} onShow={onShow} />;
  if (sawEmpty) {
    return (
      <WriteFirstRow
        appId={appId}
        trouble={isError}
        asking={isFetching}
        round={round}
        onAskAgain={() => setRound(round + 1)}
      />
    );
  }
  if (row || isError) return otherwise;
  return (
    <p role="status" className="sr-only">
      Looking into the log
    </p>
  );
}
