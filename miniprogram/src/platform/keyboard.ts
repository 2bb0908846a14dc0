/** H5: Enter and Space press whatever says it is a button, as a real button would. */
const PRESSABLE = '[role="button"],[role="radio"],[role="checkbox"],[role="switch"],[role="link"],[role="tab"]';

export function keyboardTaps(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if ((event.key === "Enter" || event.key === " ") && target.matches(PRESSABLE)) {
      event.preventDefault();
      target.click();
    }
  });
}
