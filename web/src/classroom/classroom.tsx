/** Classroom: a lesson's steps, its students, and who asks for help. */
import type { ReactNode } from "react";

import { useSite } from "../page/site.ts";
import { useLesson } from "./live.ts";
import { Questions } from "./questions.tsx";
import { Steps } from "./steps.tsx";
import { Students } from "./students.tsx";

const DEMO = "DEMO";

export function Classroom(): ReactNode {
  const session = useSite().place.get("session") ?? DEMO;
  const lesson = useLesson(session);
  return (
    <div className="view classroom" id="classroom">
      <Steps session={session} lesson={lesson} />
      <Students students={lesson.students} here={lesson.here} steps={lesson.steps} />
      <Questions questions={lesson.questions} steps={lesson.steps} />
    </div>
  );
}
