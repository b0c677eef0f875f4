/** Where the robots are, on a floor and in words. */
import type { Robot, SystemStatus } from "@wirepact/services/robodine";
import { memo, type ReactNode } from "react";

import { Card, Scroll } from "../page/card.tsx";

const TITLE = "Robots";
const LOW = 35;

interface Props {
  readonly robots: readonly Robot[];
  readonly health: SystemStatus | undefined;
}

export function Robots({ robots, health }: Props): ReactNode {
  const status = (
    <span id="robodine-status" className="quiet" role="status">
      {health && [health.state, health.message].filter(Boolean).join(" · ")}
    </span>
  );
  return (
    <Card area="floor" title={TITLE} aside={status}>
      <Floor robots={robots} />
      <Scroll label={TITLE}>
        <table>
          <thead>
            <tr>
              <th scope="col">Robot</th>
              <th scope="col">State</th>
              <th scope="col" className="numeric">
                Battery
              </th>
            </tr>
          </thead>
          <tbody id="robots">
            {robots.map((robot) => (
              <Row key={robot.id} robot={robot} />
            ))}
          </tbody>
        </table>
        {robots.length === 0 && (
          <p id="robots-empty" className="empty">
            No robot has reported. “make demo” brings five.
          </p>
        )}
      </Scroll>
    </Card>
  );
}

function Floor({ robots }: Pick<Props, "robots">): ReactNode {
  const placed = robots.filter(({ position }) => position !== undefined);
  return (
    <svg
      id="floor"
      viewBox="0 0 12 8"
      role="img"
      aria-label={`Floor with ${placed.length} robots; the table has them`}
    >
      <rect className="ground" width="12" height="8" rx="0.2" />
      <g id="floor-robots">
        {placed.map((robot) => (
          <Mark key={robot.id} robot={robot} />
        ))}
      </g>
    </svg>
  );
}

const Mark = memo(function Mark({ robot }: { readonly robot: Robot }): ReactNode {
  const { x = 0, y = 0, heading = 0 } = robot.position ?? {};
  return (
    <g
      className="robot"
      data-state={robot.state}
      style={{ transform: `translate(${x}px, ${y}px)` }}
    >
      <g className="heading" style={{ transform: `rotate(${heading}deg)` }}>
        <circle r="0.34" />
        <path className="nose" d="M0.56 0 L0.22 0.26 L0.22 -0.26 Z" />
      </g>
      <text dy="0.11">{robot.id}</text>
    </g>
  );
});

const Row = memo(function Row({ robot }: { readonly robot: Robot }): ReactNode {
  const { id, name, state, battery } = robot;
  return (
    <tr>
      <th className="name" scope="row">
        {name ? `${id} · ${name}` : id}
      </th>
      <td>
        <span className="state" data-state={state}>
          {state}
        </span>
      </td>
      <td className="battery numeric">
        {battery !== undefined && (
          <meter
            min={0}
            max={100}
            low={LOW}
            optimum={100}
            value={battery}
            aria-label={`Battery of ${id}`}
          />
        )}
        <span>{battery === undefined ? "–" : `${Math.round(battery)} %`}</span>
      </td>
    </tr>
  );
});
