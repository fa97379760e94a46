import { listenForAim } from "./aim.ts";
import { updateLists } from "./list/list.tsx";
import { listenForKeys } from "./keys.ts";
import { Announcer } from "./parts/announcer.tsx";
import { Cards } from "./parts/cards.tsx";
import { Footer } from "./parts/footer.tsx";
import { Help } from "./parts/help.tsx";
import { Problems } from "./parts/problems.tsx";
import { Shapes } from "./parts/shapes.tsx";
import { Side } from "./parts/side.tsx";
import { Tabs } from "./parts/tabs.tsx";
import { applyTheme } from "./parts/theme.ts";
import { TopBar } from "./parts/top-bar.tsx";
import { TreePanel } from "./parts/tree-panel.tsx";
import { follow, page } from "./session.ts";
import { draw } from "./view/draw.ts";
import { type Child, h } from "./view/h.ts";

function app(): Child[] {
  return [
    <Shapes />,
    <TopBar />,
    <main>
      <Cards />
      <Problems />
      <Tabs />
      <TreePanel />
      <Side />
    </main>,
    <Footer />,
    <Help />,
    <Announcer />,
  ];
}

applyTheme();
listenForAim();
listenForKeys();
follow(() => {
  const { actor, value, panel } = page.address;
  Object.assign(document.documentElement.dataset, {
    link: page.link.state,
    panel,
    detail: actor !== undefined || value !== undefined,
  });
  draw(document.body, { props: {}, children: app() });
  updateLists();
});
